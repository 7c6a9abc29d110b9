"""Quizzes: explained at once, changeable, scored."""

import pytest

from course_utils import language
from course_utils.exercises import Quiz, progress
from course_utils.language import Text


def click(row, letter):
    """Press a button as the front end does."""
    row.buttons["ABC".index(letter)].click()


def test_a_quiz_answer_is_explained_and_may_be_changed(quiz, displayed, live):
    quiz.ask()
    row = quiz.questions[0]._buttons
    click(row, "A")
    assert "WHY-A" in row.feedback.value and "Not there yet" in row.feedback.value
    assert "WHY-B" not in row.feedback.value
    assert "Right so far: 0 of 5, 4 still open." in row.feedback.value
    click(row, "B")
    assert "WHY-B" in row.feedback.value and "Correct" in row.feedback.value
    assert "Right so far: 1 of 5, 4 still open." in row.feedback.value
    click(row, "C")
    assert quiz.score().right == 0


def test_a_quiz_in_plain_text(quiz, displayed):
    quiz.ask()
    assert len(displayed) == 6
    assert "**Question 2 of 5.** Prompt 2?" in displayed[2].markdown
    assert '.answer(2, "A")' in displayed[2].markdown
    for number in range(1, 6):
        assert quiz.answer(number, "b").correct
    assert repr(quiz.score()) == "Right so far: 5 of 5."
    assert "01-quiz | Quiz | 5/5 | Right so far: 5 of 5." in repr(progress())


def test_a_quiz_in_chinese(quiz, displayed):
    language.use("zh")
    quiz.ask()
    assert "第 2 题（共 5 题）" in displayed[2].markdown
    assert "目前答对 1/5 题，还有 4 题未答。" in quiz.answer(1, "B").message


@pytest.mark.parametrize("number", [0, 6, -1, None, "1", 1.0, True, object()])
def test_a_question_that_does_not_exist_is_refused_kindly(quiz, number):
    assert quiz.answer(number, "b").status == "refused"
    assert quiz.score().answered == 0


def test_a_wrong_quiz_is_refused(quiz, prediction):
    title = Text(en="Quiz", zh="小测验")
    with pytest.raises(ValueError, match="at least five"):
        Quiz("01-quiz", title, quiz.questions[:4])
    with pytest.raises(ValueError, match='kind="quiz"'):
        Quiz("01-quiz", title, [*quiz.questions[:4], prediction])
    with pytest.raises(ValueError, match="same id"):
        Quiz("01-quiz", title, [*quiz.questions[:4], quiz.questions[0]])
