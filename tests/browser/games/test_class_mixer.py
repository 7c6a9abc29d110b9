"""The class mixer in JupyterLab, and classes requested in a panel, also while a session trains.

The generator begins with ten training digits as its classes, so that the page shows digits.
"""

SETUP = """
import os
os.environ["COURSE_MODE"] = "live"
import keras
import numpy as np
from keras import layers
from course_utils import language
from course_utils.data import digits
from course_utils.data.images import to_unit_range
from course_utils.training import GAN, Session
from course_utils.training.sources import LabelledSource
from course_utils.widgets import ClassMixer, Lab, views
language.use("en")
images, labels = (array[:2000] for array in digits.load("train"))
z, y, x = keras.Input((8,)), keras.Input((10,)), keras.Input((28, 28, 1))
drawn = layers.Dense(784, "tanh")(layers.Concatenate()([z, y]))
generator = keras.Model([z, y], layers.Reshape((28, 28, 1))(drawn))
features = layers.Flatten()(layers.Conv2D(4, 4, 4)(x))
discriminator = keras.Model(x, [layers.Dense(1)(features), layers.Dense(10)(features)])
gan = GAN(generator, discriminator, LabelledSource(images, labels), batch_size=8)
ten = to_unit_range(images[[np.argmax(labels == digit) for digit in range(10)]])
noise = np.random.default_rng(0).normal(0, 0.1, (8, 784))
generator.set_weights([np.concatenate([noise, 3 * ten.reshape(10, -1)]), np.zeros(784)])
"""
MIXER = "mixer = ClassMixer(generator, first=3, second=8); mixer.show()"
SESSION = """
language.use("zh")
session = Session(gan, name="mixed")
session.set_speed(20)
ClassMixer(session, first=4, second=9).show()
Lab(session, [views.Images(columns=4)], ["class_3"]).show()
session.play()
"""
PAUSE = "session.pause()"


def source(image):
    return image.get_attribute("src")


def test_it_blends_classes_and_walks_between_them(lab_server, open_notebook):
    path = lab_server.write("mixer.ipynb", SETUP, MIXER, SESSION, PAUSE)
    notebook = open_notebook(path, viewport={"width": 1000, "height": 900})
    notebook.run("cell-0")
    cell = notebook.run("cell-1")
    pictures, status = cell.locator("img"), cell.locator("[role=status]")
    assert pictures.count() == 2
    status.filter(has_text="from class 3 to class 8").wait_for()
    cell.get_by_text("judge: 3 (").or_(cell.get_by_text("judge: 8 (")).wait_for()
    strip, image = source(pictures.first), source(pictures.last)
    cell.get_by_label("second class", exact=True).select_option("5")
    status.filter(has_text="from class 3 to class 5").wait_for()
    notebook.until(lambda: source(pictures.first) != strip, "another walk")
    cell.get_by_role("slider").focus()
    notebook.page.keyboard.press("ArrowRight")
    cell.get_by_text("0.51 × class 5").wait_for()
    notebook.until(lambda: source(pictures.last) != image, "another image")
    cell.get_by_role("button", name="New latent").click()
    status.filter(has_text="latent no. 1").wait_for()
    notebook.screenshot("class-mixer-en")
    walk = cell.get_by_role("button", name="Walk to and fro")
    walk.click()
    cell.get_by_text("1.00 × class 5").wait_for()
    walk.click()

    cell = notebook.run("cell-2")
    panel, picture = cell.locator(".gan-lab"), cell.locator("img").first
    words = panel.locator(".gan-value")
    before = source(picture)
    notebook.until(lambda: source(picture) != before, "what was learned meanwhile")
    cell.get_by_label("第二个类别", exact=True).select_option("7")
    cell.get_by_text("× 类别 7").wait_for()
    panel.get_by_role("button", name="类别 3", exact=True).click()
    words.filter(has_text="只显示类别 3").wait_for()
    panel.get_by_role("combobox", name="渐变到").select_option("8")
    words.filter(has_text="从类别 3（最上）到类别 8（最下）").wait_for()
    notebook.screenshot("class-mixer-zh")
    notebook.run("cell-3")
    notebook.cell("cell-2")
    panel.locator("canvas").click(position={"x": 60, "y": 60})  # while it is paused
    words.filter(has_text="每行一个类别").wait_for()
