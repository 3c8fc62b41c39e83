"""Two minimal servers to check a client's requests: a DNS server, and a MySQL 8.4 that checks a password."""
import hashlib
import os
import socket
import struct
import threading


class Dns:
    """Answers every question of type A with 127.0.0.1, on UDP port 53 of `address` (which only root may bind)."""

    def __init__(self, address):
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            query, peer = self.socket.recvfrom(512)
            end = query.index(b"\0", 12)
            name, kind = self._name(query[12:end]), query[end + 2]
            self.asked.append(name)
            answers = [b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + bytes([127, 0, 0, 1])] if kind == 1 else []
            head = query[:2] + struct.pack(">HHHHH", 0x8180, 1, len(answers), 0, 0)
            self.socket.sendto(head + query[12 : end + 5] + b"".join(answers), peer)

    @staticmethod
    def _name(labels):
        parts, i = [], 0
        while i < len(labels):
            parts.append(labels[i + 1 : i + 1 + labels[i]].decode())
            i += 1 + labels[i]
        return ".".join(parts)


class Mysql:
    """Authenticates one client with caching_sha2_password, and closes at its first command."""

    def __init__(self, password):
        self.password = password.encode()
        self.nonce = bytes(1 + b % 127 for b in os.urandom(20))
        self.signed_in = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            client, _ = self.listener.accept()
            with client:
                try:
                    self._sign_in(client)
                except OSError:
                    pass

    def _sign_in(self, client):
        client.settimeout(10)
        # CLIENT_LONG_PASSWORD, CONNECT_WITH_DB, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH, LENENC data
        capabilities = 0x1 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x80000 | 0x200000
        greeting = b"\x0a8.4.0\0" + struct.pack("<I", 1) + self.nonce[:8] + b"\0" + struct.pack("<H", capabilities & 0xFFFF)
        greeting += b"\x2d\2\0" + struct.pack("<H", capabilities >> 16) + b"\x15" + bytes(10) + self.nonce[8:] + b"\0"
        self._send(client, 0, greeting + b"caching_sha2_password\0")
        answer = self._receive(client)
        user_end = answer.index(b"\0", 32)
        length = answer[user_end + 1]
        if answer[user_end + 2 : user_end + 2 + length] != self._proof():
            self._send(client, 2, b"\xff\x15\x04#28000Access denied")
            return
        self._send(client, 2, b"\1\3")  # AuthMoreData: fast authentication succeeded
        self._send(client, 3, b"\0\0\0\2\0\0\0")  # OK
        if self._receive(client):
            self.signed_in.set()

    def _proof(self):
        first = hashlib.sha256(self.password).digest()
        second = hashlib.sha256(hashlib.sha256(first).digest() + self.nonce).digest()
        return bytes(a ^ b for a, b in zip(first, second))

    @staticmethod
    def _send(client, number, payload):
        client.sendall(struct.pack("<I", len(payload))[:3] + bytes([number]) + payload)

    @staticmethod
    def _receive(client):
        head = client.recv(4, socket.MSG_WAITALL)
        return client.recv(int.from_bytes(head[:3], "little"), socket.MSG_WAITALL) if len(head) == 4 else b""
