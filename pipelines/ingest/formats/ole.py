"""OLE containers, in which Office kept documents before it kept them in ZIP files, and keeps those with a password.

Belongs here: the signs by which docx.py, doc.py and spreadsheet.py tell what is inside.
"""

BEGIN = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # a document of today with a password, of whatever kind
WORD = "WordDocument".encode("utf-16-le")
