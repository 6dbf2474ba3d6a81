"""The checksums of S3, also where no library computes them: moto falls back to a CRC32 for two of them."""

import hashlib
import zlib

_TABLES = {}


def compute(algorithm, data):
    """The checksum's bytes; the algorithm's name is that of S3's header, such as crc32c."""
    return _ALGORITHMS[algorithm](data)


def known(algorithm):
    return algorithm in _ALGORITHMS


def _crc32(data):
    return zlib.crc32(data).to_bytes(4, "big")


def _crc32c(data):
    try:
        from awscrt import checksums

        return checksums.crc32c(data).to_bytes(4, "big")
    except ImportError:
        return _reflected_crc(data, 32, 0x82F63B78)


def _crc64nvme(data):
    try:
        from awscrt import checksums

        return checksums.crc64nvme(data).to_bytes(8, "big")
    except (ImportError, AttributeError):
        return _reflected_crc(data, 64, 0x9A6C9329AC4BC9B5)


def _reflected_crc(data, bits, polynomial):
    table = _TABLES.get(polynomial)
    if table is None:
        table = _TABLES[polynomial] = [_table_entry(byte, polynomial) for byte in range(256)]
    ones = (1 << bits) - 1
    crc = ones
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return (crc ^ ones).to_bytes(bits // 8, "big")


def _table_entry(byte, polynomial):
    for _ in range(8):
        byte = (byte >> 1) ^ (polynomial if byte & 1 else 0)
    return byte


_ALGORITHMS = {
    "crc32": _crc32,
    "crc32c": _crc32c,
    "crc64nvme": _crc64nvme,
    "sha1": lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
    "sha256": lambda data: hashlib.sha256(data).digest(),
}
