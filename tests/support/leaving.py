"""A relay whose clients leave without the server noticing, as when a phone changes from Wi-Fi to mobile data."""
import contextlib
import socket
import struct
import threading
import time


class Relay:
    """Relays from its own port to `target` ((host, port), which may change), at most `rate` bytes a second upstream.
    most: a connection stops after so many bytes upstream until free()."""

    def __init__(self, target, rate=None, address="127.0.0.1", most=None):
        self.target, self.rate, self.most = target, rate, most
        self.freed = threading.Event()
        self.listener = socket.create_server((address, 0))
        self.port = self.listener.getsockname()[1]
        self.pairs = []
        self.silent = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client = self.listener.accept()[0]
                try:
                    server = socket.create_connection(self.target, 5)
                except OSError:
                    client.close()
                    continue
                server.settimeout(None)
                self.pairs.append((client, server))
                threading.Thread(target=self.pump, args=(client, server, self.rate, self.most), daemon=True).start()
                threading.Thread(target=self.pump, args=(server, client), daemon=True).start()

    def pump(self, source, sink, rate=None, most=None):
        began, sent = time.monotonic(), 0
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if source in self.silent or sink in self.silent:
                    return
                sink.sendall(data)
                sent += len(data)
                if most and sent >= most:
                    self.freed.wait()
                if rate:
                    time.sleep(max(0, began + sent / rate - time.monotonic()))
        if source not in self.silent and sink not in self.silent:
            for end in (source, sink):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def free(self):
        self.freed.set()

    def leave(self):
        """Breaks the clients' connections; the server's stay open and silent."""
        pairs, self.pairs = self.pairs, []
        for client, server in pairs:
            self.silent += [client, server]
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            client.close()

    def close(self):
        self.free()
        self.listener.close()
        for pair in self.pairs:
            for end in pair:
                end.close()
        for end in self.silent:
            end.close()
