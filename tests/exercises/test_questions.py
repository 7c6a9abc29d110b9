"""Questions: static text without leaks, predictions, answers in plain text."""

import pytest

from course_utils import language
from course_utils.exercises import Choice, Question, questions
from course_utils.exercises.feedback import StaticText
from course_utils.language import Text

SECRETS = ("WHY-", "解释", "right", "correct", "对）")


def test_headless_a_question_is_static_text_alone(prediction, displayed):
    prediction.ask()
    (static,) = displayed
    assert isinstance(static, StaticText)
    assert static.markdown.startswith("**Predict first.** How accurate will $D$ be?\n\n")
    assert "\n- **A.** near $50$ %\n- **B.** near 95 %\n- **C.** exactly" in static.markdown
    assert 'answer("A")' in static.markdown


def test_static_text_in_chinese(prediction, displayed):
    language.use("zh")
    prediction.ask()
    assert "**先预测。** $D$ 的准确率会是多少？" in displayed[0].markdown
    assert "- **B.** 约 95%" in displayed[0].markdown and "没有按钮时" in displayed[0].markdown


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize("mode", ["live", "headless"])
@pytest.mark.parametrize("before", [[], ["b"], ["a"]])
def test_the_static_text_never_leaks_an_answer(
    prediction, quiz, displayed, monkeypatch, code, mode, before
):
    monkeypatch.setenv("COURSE_MODE", mode)
    language.use(code)
    for letter in before:
        prediction.answer(letter)
        quiz.answer(1, letter)
    prediction.ask()
    quiz.ask()
    texts = [repr(item) for item in displayed if isinstance(item, StaticText)]
    assert len(texts) == 1 + 1 + 5
    assert not [secret for secret in SECRETS for text in texts if secret in text]


def test_the_static_text_does_not_depend_on_which_choice_is_right(displayed):
    texts = set()
    for right in range(3):
        made = [
            Choice(Text(en=t, zh=t), Text(en="x", zh="x"), correct=i == right)
            for i, t in enumerate("xyz")
        ]
        texts.add(Question("q", Text(en="p", zh="p"), made).static())
    assert len(texts) == 1


def test_before_an_answer_compare_reveals_nothing(prediction):
    feedback = prediction.compare("95.3 %")
    assert feedback.status == "not_attempted"
    assert not [secret for secret in SECRETS if secret in str(feedback)]


def test_a_prediction_is_kept_and_says_nothing_yet(prediction):
    first = prediction.answer("a")
    assert prediction.answered == "A" and first.status == "recorded"
    assert not [secret for secret in SECRETS if secret in str(first)]
    second = prediction.answer("b")
    assert prediction.answered == "A" and "stays" in second.message and "WHY" not in str(second)


@pytest.mark.parametrize(("letter", "status"), [("a", "surprise"), ("b", "correct")])
def test_compare_sets_the_prediction_against_the_result(prediction, letter, status):
    prediction.answer(letter)
    feedback = prediction.compare("95.3 %")
    assert feedback.status == status
    assert f"You chose **{letter.upper()}**; the expected answer is **B**." in feedback.message
    assert "Measured: 95.3 %" in feedback.message
    assert all(f"WHY-{name}" in feedback.message for name in "ABC")
    assert feedback.message.count("your choice") == 1


def test_compare_in_chinese(prediction):
    language.use("zh")
    prediction.answer("c")
    message = prediction.compare().message
    assert "你选的是 **C**，参考答案是 **B**。" in message
    assert "**C.** 恰好 100%（✗ 不对，你选的）" in message and "甲解释" in message


def test_reveal_explains_without_an_answer(prediction):
    message = prediction.reveal().message
    assert "The expected answer is **B**." in message and "WHY-C" in message
    assert "your choice" not in message


@pytest.mark.parametrize("letter", ["b", " B ", "Ｂ", "ｂ"])
def test_letters_may_be_typed_in_any_way(prediction, letter):
    prediction.answer(letter)
    assert prediction.answered == "B"


@pytest.mark.parametrize("letter", ["d", "", "ab", "bc", None, 1, ["a"], object(), "`$x$`"])
@pytest.mark.parametrize(("code", "words"), [("en", "A, B, C"), ("zh", "A、B、C")])
def test_anything_else_is_refused_kindly(prediction, letter, code, words):
    language.use(code)
    feedback = prediction.answer(letter)
    assert feedback.status == "refused" and words in feedback.message
    assert prediction.answered is None
    feedback.html()


def choice(correct=False):
    return Choice(Text(en="t", zh="t"), Text(en="e", zh="e"), correct)


@pytest.mark.parametrize(
    ("made", "kind", "words"),
    [
        ([choice(True)], "quiz", "2 to 6"),
        ([choice(True)] + [choice()] * 6, "quiz", "2 to 6"),
        ([choice(), choice()], "quiz", "exactly one"),
        ([choice(True), choice(True)], "predict", "exactly one"),
        ([choice(True), choice()], "poll", "predict.*quiz"),
    ],
)
def test_a_wrong_question_is_refused(made, kind, words):
    with pytest.raises(ValueError, match=words):
        Question("q", Text(en="p", zh="p"), made, kind=kind)


def test_there_is_a_letter_for_every_choice():
    assert len(questions.LETTERS) == len(set(questions.LETTERS)) == 6
