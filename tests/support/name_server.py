#!/usr/bin/env python3
"""name_server.py: a DNS server on 127.0.0.1:53 for which every name is 127.0.0.1 and none has an IPv6 address."""
import socket
import struct

A = 1

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
while True:
    query, client = server.recvfrom(512)
    question = query[12:]
    found = struct.unpack(">H", question[-4:-2])[0] == A
    answer = struct.pack(">HHHIH4s", 0xC00C, A, 1, 60, 4, socket.inet_aton("127.0.0.1")) if found else b""
    server.sendto(query[:2] + struct.pack(">HHHHH", 0x8180, 1, int(found), 0, 0) + question + answer, client)
