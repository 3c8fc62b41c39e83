"""HTTP/2 frames as an attacker writes them: any frame, in any order, without a library that enforces the protocol."""
import socket
import struct
import time
import urllib.parse

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RESET, SETTINGS, PING, GOAWAY, WINDOW = 0, 1, 3, 4, 6, 7, 8
END_STREAM, END_HEADERS, ACK = 1, 4, 1
INITIAL_WINDOW = 4
REFUSED_STREAM, ENHANCE_YOUR_CALM = 7, 11


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def number(value, bits, first):
    """An integer as HPACK writes it (RFC 7541 section 5.1)."""
    most = (1 << bits) - 1
    if value < most:
        return bytes([first | value])
    out, value = [first | most], value - most
    while value >= 128:
        out.append(value % 128 | 128)
        value //= 128
    return bytes(out + [value])


def text(value):
    raw = value.encode()
    return number(len(raw), 7, 0) + raw


def field(name, value, indexed=False):
    """A literal field. indexed: adds it to the dynamic table, where it has the number 62 until the next one is added."""
    return (b"\x40" if indexed else b"\x00") + text(name) + text(value)


def index(entry):
    return number(entry, 7, 0x80)


def request(method, path, host="h"):
    return field(":method", method) + field(":scheme", "http") + field(":path", path) + field(":authority", host)


class Connection:
    def __init__(self, url, window=65535, timeout=20):
        at = urllib.parse.urlsplit(url)
        self.socket = socket.create_connection((at.hostname, at.port), timeout=timeout)
        self.received = b""
        self.send(PREFACE + frame(SETTINGS, 0, 0, struct.pack(">HI", INITIAL_WINDOW, window)))

    def send(self, data):
        """False: the server has closed."""
        try:
            self.socket.sendall(data)
            return True
        except OSError:
            return False

    def headers(self, stream, block, ends=True):
        return self.send(frame(HEADERS, END_HEADERS | (END_STREAM if ends else 0), stream, block))

    def receive(self, timeout=5):
        """The next frame as (kind, flags, stream, payload); None: none came, or the server has closed."""
        until = time.monotonic() + timeout
        while True:
            if len(self.received) >= 9:
                length = int.from_bytes(self.received[:3], "big")
                if len(self.received) >= 9 + length:
                    head, payload, self.received = self.received[:9], self.received[9 : 9 + length], self.received[9 + length :]
                    return head[3], head[4], int.from_bytes(head[5:9], "big") & 0x7FFFFFFF, payload
            left = until - time.monotonic()
            if left <= 0:
                return None
            self.socket.settimeout(left)
            try:
                more = self.socket.recv(65536)
            except OSError:
                return None
            if not more:
                return None
            self.received += more

    def settle(self):
        """Waits until the server has read all that was sent; False: it has closed."""
        self.send(frame(PING, 0, 0, b"settled!"))
        while got := self.receive():
            if got[0] == PING and got[1] & ACK:
                return True
        return False

    def status(self, stream, timeout=5):
        """200, 404 and a few more of the static table; "reset"; None: no answer."""
        known = {8: 200, 9: 204, 10: 206, 11: 304, 12: 400, 13: 404, 14: 500}
        while got := self.receive(timeout):
            if got[2] == stream and got[0] == HEADERS:
                return known.get(got[3][0] & 0x7F, "other") if got[3][0] & 0x80 else "other"
            if got[2] == stream and got[0] == RESET:
                return "reset"
        return None

    def close(self):
        self.socket.close()
