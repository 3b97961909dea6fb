"""Prints the size and the main colour of pictures."""

import sys

from PIL import Image


def main_colour(image: Image.Image) -> tuple[int, int, int]:
    """The picture's mean colour, as red, green and blue."""
    red, green, blue = image.convert("RGB").resize((1, 1)).getpixel((0, 0))
    return red, green, blue


def main() -> int:
    for path in sys.argv[1:]:
        with Image.open(path) as image:
            print(path, image.size, main_colour(image))
    return 0
