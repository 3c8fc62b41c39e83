#!/usr/bin/env python3
"""testssl.sh against the server: no finding above LOW."""
import json
import shutil
import subprocess

from bodega import expect, main
from tls import TlsServer, issue, make_authority

HARMLESS = {"DEBUG", "INFO", "OK", "LOW", "WARN"}
# BREACH needs a secret and the attacker's text in one compressed answer; the finding is about "/", a constant page.
# The other findings are about the test's certificate, or about a name in the public DNS.
NOT_THE_SERVERS = ("BREACH", "cert_chain_of_trust", "cert_trust", "cert_crlDistributionPoints", "cert_ocspURL",
                   "cert_revocation", "cert_expirationStatus", "cert_validityPeriod", "DNS_CAArecord")
LIMIT = 600  # seconds: on a busy machine


def test_a_scan_finds_nothing(place):
    make_authority(place)
    issue(place, "site")
    tls = TlsServer(place, "--edge-tls-hsts", "365d")
    command = [shutil.which("testssl") or "testssl.sh", "--quiet", "--color", "0", "--warnings", "off", "--nodns", "none",
               "--fast", "--add-ca", f"{place.path}/ca.pem", "-p", "-s", "-f", "-S", "-h", "-U",
               "--jsonfile", "found.json", f"127.0.0.1:{tls.port}"]
    done = subprocess.run(command, cwd=place.path, capture_output=True, timeout=LIMIT, stdin=subprocess.DEVNULL)
    with open(f"{place.path}/found.json") as file:
        found = json.load(file)
    # A check that could not run proves nothing.
    expect(len(found) > 60 and any(one["id"] == "TLS1_3" for one in found), len(found), done.stdout[-1000:])
    bad = [one for one in found if one["severity"] not in HARMLESS and one["id"].split(" ")[0] not in NOT_THE_SERVERS]
    expect(not bad, bad)


if __name__ == "__main__":
    main()
