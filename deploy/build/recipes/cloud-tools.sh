# shellcheck shell=bash
# The tools that judge the files of deploy/, unpacked and not installed: cloud-init would take over a machine's next
# boot, and Prometheus comes as a service. $OUT/root/usr holds aws, cloud-init, docker-compose, logrotate and promtool,
# and the Python packages that they stand on, for /usr/bin/python3, in two folders of lib.
# shellcheck source=deploy/build/debian_archive.sh
. "$RECIPES/debian_archive.sh"

tools=(awscli cloud-init docker-compose logrotate prometheus)
libraries=(libpopt0
    python3-{attr,awscrt,certifi,cffi-backend,chardet,charset-normalizer,colorama,configobj,cryptography,dateutil}
    python3-{distro,distutils,docker,dockerpty,docopt,docutils,dotenv,idna,jinja2,jmespath,json-pointer,jsonpatch}
    python3-{jsonschema,markupsafe,netifaces,oauthlib,prompt-toolkit,pyasn1,pyrsistent,requests,roman,ruamel.yaml,ruamel.yaml.clib}
    python3-{serial,six,texttable,urllib3,wcwidth,websocket,yaml})
debian_suites "$PWD/apt" deb bookworm bookworm-security
private_apt "$PWD/apt" download "${tools[@]}" "${libraries[@]}"
for package in *.deb; do dpkg-deb --extract "$package" unpacked; done
# One part of distutils is in this package, the other comes with Python itself.
echo '__path__ = __import__("pkgutil").extend_path(__path__, __name__)' >unpacked/usr/lib/python3.11/distutils/__init__.py
rm -r unpacked/usr/share/{doc,man,prometheus} unpacked/usr/bin/prometheus
mv unpacked "$OUT/root"
dpkg-deb --field cloud-init_*.deb Version >"$OUT/version"
