from PIL import Image

from image_tagger.main import main_colour


def test_main_colour_of_one_colour():
    assert main_colour(Image.new("RGB", (4, 4), (10, 20, 30))) == (10, 20, 30)
