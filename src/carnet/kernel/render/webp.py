"""How images leave: WebP, half the size of a JPEG that reads as well, and without anything but the points."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

# Measured on typed A4 pages: 45 kB at 820 points wide in 20 ms, 120 kB at 1640 in 75 ms. A higher method gains
# 2 % in twice the time.
_QUALITY = 75
_METHOD = 2


def encode(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=_QUALITY, method=_METHOD, exif=b"", xmp=b"", icc_profile=b"")
    return out.getvalue()
