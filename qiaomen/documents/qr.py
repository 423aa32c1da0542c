"""A QR code as a picture, by the library that also reads them at the publication gate."""

import io


def qr_png(text: str, pixels: int = 300) -> bytes:
    """Return a QR code that holds `text`, with a quiet zone, as PNG."""
    import zxingcpp
    from PIL import Image

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    found = zxingcpp.write_barcode_to_image(code, scale=-pixels, add_quiet_zones=True)
    out = io.BytesIO()
    Image.fromarray(found).save(out, "PNG")
    return out.getvalue()
