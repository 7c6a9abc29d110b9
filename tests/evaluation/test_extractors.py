"""The extractors: shapes, ranges, independence of the batch, and what is said without a network."""

import numpy as np
import pytest
from keras.applications import inception_v3

from course_utils import language
from course_utils.data import digits
from course_utils.evaluation import extractors


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture(scope="module")
def images():
    return digits.load("test")[0][:70]


def test_the_judge_s_features_are_those_of_its_look(images):
    from course_utils.models import judge

    np.testing.assert_array_equal(extractors.judge_features(images), judge.load().look(images)[0])


def test_pixels_are_ink_from_0_to_1(images):
    features = extractors.pixel_features(images)
    assert features.shape == (70, 784) and features.dtype == np.float32
    assert features.min() == 0 and features.max() == 1
    np.testing.assert_allclose(features[3].reshape(28, 28) * 255, images[3], atol=1e-4)


def test_inception_sees_each_image_alone_in_2048_numbers(images, monkeypatch):
    monkeypatch.setattr(extractors, "_BLOCK", 2)
    monkeypatch.setattr(extractors, "INCEPTION_SIDE", 75)  # the smallest that the network takes
    features = extractors.inception_features(images[:3], weights=None)
    assert features.shape == (3, 2048) and features.dtype == np.float32
    alone = extractors.inception_features(images[2:3], weights=None)
    np.testing.assert_allclose(features[2:], alone, rtol=1e-3, atol=1e-5)
    assert np.ptp(features, axis=0).max() > 0  # random weights, but not blind


@pytest.mark.parametrize(("lang", "word"), [("en", "HTTPS_PROXY"), ("zh", "代理")])
def test_without_a_network_inception_says_what_is_missing(images, monkeypatch, lang, word):
    def offline(**_):
        raise Exception("URL fetch failure on https://example.invalid: None -- refused")

    monkeypatch.setattr(inception_v3, "InceptionV3", offline)
    extractors._inception.cache_clear()
    language.use(lang)
    with pytest.raises(ConnectionError, match=word):
        extractors.inception_features(images[:1])
    extractors._inception.cache_clear()


@pytest.mark.parametrize("name", ["judge_features", "pixel_features", "inception_features"])
def test_other_arrays_are_refused(name):
    with pytest.raises(ValueError, match="uint8"):
        getattr(extractors, name)(np.zeros((2, 28, 28), np.float32))
