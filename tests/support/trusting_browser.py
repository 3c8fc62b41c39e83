"""A browser that trusts one additional authority: returns what it shows at an address, once it has verified the chain and the
name."""
import os
import subprocess
import tempfile


def shown(url, root, address):
    """The page's HTML as Chromium has it; without the page, if it does not trust who serves it. root: the authority's PEM file, or None for no
    more than it knows. address: "127.0.0.1:PORT", where the URL's host is."""
    host = url.split("/")[2].split(":")[0]
    with tempfile.TemporaryDirectory(prefix="bodega-trust-") as home:
        database = f"{home}/.pki/nssdb"
        os.makedirs(database)
        subprocess.run(["certutil", "-d", f"sql:{database}", "-N", "--empty-password"], check=True, capture_output=True, timeout=60)
        if root:
            subprocess.run(["certutil", "-d", f"sql:{database}", "-A", "-t", "C,,", "-n", "authority", "-i", root], check=True, capture_output=True, timeout=60)
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                 f"--user-data-dir={home}/profile", f"--host-resolver-rules=MAP {host} {address}", "--virtual-time-budget=5000", "--dump-dom"]
        done = subprocess.run([os.environ.get("CHROMIUM", "chromium"), *flags, url], env={**os.environ, "HOME": home}, capture_output=True,
                              text=True, errors="replace", timeout=60)
        return done.stdout
