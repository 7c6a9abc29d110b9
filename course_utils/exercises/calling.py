"""Calling the learner's function so that whatever it does becomes feedback.

There is no protection against an endless loop: stopping one from outside would need a thread or a
process, and a thread cannot be stopped. The learner interrupts the kernel (the ■ button), which
becomes feedback like any error.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import CoroutineType, GeneratorType

from course_utils import language
from course_utils.exercises.describing import short
from course_utils.exercises.feedback import code, last_line
from course_utils.exercises.locating import body_of, is_own_not_implemented, place_of
from course_utils.exercises.values import Expected, Refused, convert
from course_utils.language import Text


class LearnerFunction:
    """The learner's function, guarded: a call gives a value of the expected kind or `Refused`.

    Attributes:
        where: the last call in words, such as "`best_accuracy(share=0.25)`", Markdown.
    """

    def __init__(
        self, function: Callable, returns: Expected | None, label: Text | None = None
    ) -> None:
        """Guard a function.

        Args:
            function: the learner's.
            returns: the kind of value it has to return; None when what it returns does not matter.
            label: what to call inputs that are too large to show.
        """
        self.function = function
        self.returns = returns
        self.label = label
        self.where = code(f"{_name(function)}(…)")

    def __call__(self, *inputs: object) -> object:
        """Call the function with `inputs`.

        Raises:
            Refused: the call is impossible, raised, was not written yet, or returned another kind
                of value.
        """
        self._locate(inputs)
        try:
            got = self.function(*inputs)
        except BaseException as error:  # even exit() and an interrupt must not end the lesson
            raise self._refusal(error) from None
        if is_undone(got) or (got is None and is_starter(self.function)):
            raise not_attempted()
        if self.returns is None:
            return got
        self._refuse_unfinished(got)
        return convert(self.returns.settle(inputs), got, self.where)

    def _locate(self, inputs: tuple) -> None:
        """Set `where`, and refuse inputs that do not fit the function's parameters."""
        shown = [short(value, 60) for value in inputs]
        try:
            signature = inspect.signature(self.function)
        except Exception:  # built-in functions have none, odd objects break
            signature = None
        if signature is not None:
            try:
                names = signature.bind(*inputs).arguments
            except TypeError:
                raise self._arity(signature, len(inputs)) from None
            if len(names) == len(shown):
                shown = [f"{name}={value}" for name, value in zip(names, shown, strict=True)]
        name = _name(self.function)
        if self.label is None:
            self.where = code(f"{name}({', '.join(shown)})")
        else:
            self.where = language.text(
                en=f"{code(f'{name}(…)')} for {self.label}",
                zh=f"{self.label}时，{code(f'{name}(…)')}",
            )

    def _arity(self, signature: inspect.Signature, count: int) -> Refused:
        mine = code(f"{_name(self.function)}{short_signature(signature)}")
        return Refused(
            "arity",
            language.text(
                en=f"The check calls your function with {count} "
                f"argument{'' if count == 1 else 's'}, by position, but it is defined as {mine}. "
                "Keep the parameters of the starter cell.",
                zh=f"检查时会用 {count} 个位置参数调用你的函数，但它的定义是 {mine}。"
                "请保留初始单元格中的参数。",
            ),
        )

    def _refuse_unfinished(self, got: object) -> None:
        """Refuse what nobody means to give: nothing, or something that has yet to run."""
        if got is None:
            raise Refused(
                "no-return",
                language.text(
                    en=f"{self.where} gives back nothing (`None`). Is a `return` missing at the "
                    "end, or on one branch?",
                    zh=f"{self.where} 没有返回值（`None`）。"
                    "是不是函数末尾或某个分支缺少 `return`？",
                ),
            )
        if type(got) is CoroutineType:
            got.close()
            raise Refused(
                "coroutine",
                language.text(
                    en="Your function is `async`. Define it with plain `def`.",
                    zh="你的函数是 `async` 函数。请直接用 `def` 定义。",
                ),
            )
        if type(got) is GeneratorType:
            raise Refused(
                "generator",
                language.text(
                    en=f"{self.where} gives a generator, because the function contains `yield`. "
                    "Collect the values and give them back with one `return`.",
                    zh=f"{self.where} 返回的是生成器，因为函数里用了 `yield`。请把结果收集起来，"
                    "用一个 `return` 返回。",
                ),
            )

    def _refusal(self, error: BaseException) -> Refused:
        place = place_of(error, self.function)
        if is_own_not_implemented(error, self.function):
            return not_attempted()
        if isinstance(error, TypeError) and "'ellipsis'" in last_line(error):
            return not_attempted(place)
        if isinstance(error, KeyboardInterrupt):
            return Refused(
                "interrupted",
                language.text(
                    en=f"{self.where} was interrupted{place}. If it ran too long: does every "
                    "loop come to an end?",
                    zh=f"{self.where} 被中断了{place}。如果它一直停不下来：每个循环都会结束吗？",
                ),
                "error",
            )
        if isinstance(error, RecursionError):
            return Refused(
                "recursion",
                language.text(
                    en=f"{self.where} calls itself without end{place} (`RecursionError`). "
                    "Which case should stop it?",
                    zh=f"{self.where} 一直在调用自己{place}，没有尽头（`RecursionError`）。"
                    "应当在什么情况下停下来？",
                ),
                "error",
            )
        shown = code(last_line(error))
        return Refused(
            "raised",
            language.text(
                en=f"{self.where} stopped with {shown}{place}.\n\n"
                "To see the whole traceback, make this call yourself in a cell of your own.",
                zh=f"{self.where} 运行中断，错误是 {shown}{place}。\n\n想看完整的错误信息，"
                "可以新建一个单元格，自己这样调用一次。",
            ),
            "error",
        )


def not_attempted(place: str = "") -> Refused:
    """Return the refusal of an answer that is still the starter cell's."""
    message = language.text(
        en=f"There is still a `...` to replace{place}. Write your answer, run its cell, then "
        "run this cell again.",
        zh=f"这里还有 `...` 没有替换{place}。请写出你的答案，运行那个单元格，然后再运行本单元格。",
    )
    if not place:
        message = language.text(
            en="Write your answer in place of the `...`, run its cell, then run this cell again. "
            "If you have written it already: does it end with `return`?",
            zh="请把 `...` 换成你的答案，运行那个单元格，然后再运行本单元格。如果已经写好了："
            "函数末尾有 `return` 吗？",
        )
    return Refused("not-attempted", message, "not_attempted")


def is_starter(function: object) -> bool:
    """Return whether a function's body does nothing: `...`, `pass`, `None` and docstrings alone."""
    own = body_of(function)
    if own is None or own.co_names:
        return False
    return all(
        constant is None or constant is Ellipsis or isinstance(constant, str)
        for constant in own.co_consts
    )


def is_undone(value: object) -> bool:
    """Return whether a value is `...`, or a tuple or list that holds one."""
    return value is Ellipsis or (type(value) in (tuple, list) and any(v is Ellipsis for v in value))


def short_signature(signature: inspect.Signature) -> str:
    """Return a signature without annotations and default values, such as "(x, n=…)"."""
    try:
        parameters = [
            parameter.replace(
                annotation=parameter.empty,
                default=parameter.empty if parameter.default is parameter.empty else _Ellipsis(),
            )
            for parameter in signature.parameters.values()
        ]
        return str(inspect.Signature(parameters))
    except Exception:
        return "(…)"


class _Ellipsis:
    def __repr__(self) -> str:
        return "…"


def _name(function: object) -> str:
    try:
        name = function.__name__
    except Exception:
        return "f"
    return name if isinstance(name, str) and name.isidentifier() else "f"
