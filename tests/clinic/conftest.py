import pytest

from course_utils import language


@pytest.fixture
def speak():
    """Choose a language for one test."""
    before = language.current()
    yield language.use
    language.use(before)
