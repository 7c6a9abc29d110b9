import pytest

from course_utils import language
from course_utils.training.knobs import KNOBS, Knobs


def test_defaults_are_inside_the_ranges_and_every_knob_is_explained_in_both_languages():
    for name, knob in KNOBS.items():
        assert knob.low <= knob.default <= knob.high
        assert name == knob.name
        for words in (knob.title, knob.explanation):
            assert words.en and words.zh
    assert dict(Knobs()) == {name: knob.from_number(knob.default) for name, knob in KNOBS.items()}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("instance_noise", -0.1),
        ("instance_noise", 1.1),
        ("instance_noise", float("nan")),
        ("instance_noise", "much"),
        ("instance_noise", None),
        ("instance_noise", True),
        ("discriminator_steps", 1.5),
        ("discriminator_steps", 0),
        ("generator_learning_rate", 0),
        ("generator_learning_rate", float("inf")),
        ("latent_distribution", "cauchy"),
        ("latent_distribution", 0),
    ],
)
@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_bad_value_is_named_with_the_range_and_changes_nothing(name, value, code, monkeypatch):
    monkeypatch.setattr(language, "_chosen", code)
    knobs = Knobs()
    before = dict(knobs)
    with pytest.raises(ValueError) as caught:
        knobs._set(r1_weight=1.0, **{name: value})
    message = str(caught.value)
    assert name in message and repr(value) in message
    assert ("Allowed" if code == "en" else "允许的取值") in message
    assert dict(knobs) == before


def test_an_unknown_knob_is_refused_with_the_list():
    with pytest.raises(ValueError, match="instance_noise"):
        Knobs(temperature=1)


def test_values_read_back_as_they_were_typed():
    knobs = Knobs(real_target=0.9, discriminator_steps=3, latent_distribution="uniform")
    assert knobs["real_target"] == 0.9
    assert knobs["discriminator_steps"] == 3 and isinstance(knobs["discriminator_steps"], int)
    assert knobs["latent_distribution"] == "uniform"
