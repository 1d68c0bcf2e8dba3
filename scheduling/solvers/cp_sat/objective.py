"""The terms of `scoring` as linear expressions of the complete model, equal to the score at an optimum."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TypeAlias

from ortools.sat.python import cp_model

from scheduling.problem import Id, Meeting, TermName
from scheduling.scoring import PER_MILLE, attainable, tail
from scheduling.solvers.cp_sat.variables import Variables

Expression: TypeAlias = "cp_model.LinearExpr | cp_model.IntVar | int"


class Objective:
    """Builds each term once; maximised terms never exceed the score, minimised ones are never below it."""

    def __init__(self, these: Variables) -> None:
        self.these, self.problem, self.model = these, these.problem, these.model

    def term(self, name: TermName) -> Expression:
        return {
            TermName.MUST_MEETS: self._must_meets,
            TermName.VALUE: self._value,
            TermName.MIN_SHORTFALL: self._shortfall,
            TermName.FAIRNESS: self._fairness,
            TermName.BREAKS: self._breaks,
            TermName.TABLE_MOVES: self._table_moves,
        }[name]()

    def _held(self, weights: dict[Meeting, int]) -> Expression:
        terms = [
            weights[one.meeting] * one.variable for one in self.these.choices if weights.get(one.meeting)
        ]
        return cp_model.LinearExpr.sum(terms)

    def _must_meets(self) -> Expression:
        return self._held({pair.key: int(pair.is_must) for pair in self.problem.pairs})

    def _value(self) -> Expression:
        return self._held({pair.key: pair.value for pair in self.problem.pairs})

    def _shortfall(self) -> Expression:
        missing = []
        for person in self.problem.participants:
            if person.min > 0:
                slack = self.model.new_int_var(0, person.min, "")
                held = cp_model.LinearExpr.sum([one.variable for one in self.these.of_person(person.id)])
                self.model.add(held + slack >= person.min)
                missing.append(slack)
        return cp_model.LinearExpr.sum(missing)

    def _fairness(self) -> Expression:
        """mean <= (k * level - sum of max(0, level - satisfaction)) / k, exact at the k-th lowest level."""
        ceiling = {person: most for person, most in attainable(self.problem).items() if most > 0}
        if not ceiling:
            return PER_MILLE
        size = tail(len(ceiling))
        level, mean = (self.model.new_int_var(0, PER_MILLE, "") for _ in range(2))
        worth: dict[Meeting, int] = {pair.key: pair.value for pair in self.problem.pairs}
        below = []
        for person, most in ceiling.items():
            choices = self.these.of_person(person)
            got = cp_model.LinearExpr.sum([worth.get(one.meeting, 0) * one.variable for one in choices])
            satisfaction = self.model.new_int_var(0, PER_MILLE, "")
            self.model.add(most * satisfaction <= PER_MILLE * got)
            lacking = self.model.new_int_var(0, PER_MILLE, "")
            self.model.add(lacking >= level - satisfaction)
            below.append(lacking)
        self.model.add(size * mean <= size * level - cp_model.LinearExpr.sum(below))
        return mean

    def _used(self) -> dict[tuple[Id, Id], Expression]:
        return {
            (person, slot): cp_model.LinearExpr.sum(columns)
            for person, slot, columns in self.these.by_person_slot()
        }

    def _breaks(self) -> Expression:
        across = self.problem.weights.breaks_across_sessions
        spans = [
            [slot.id for slot in group]
            for _, group in groupby(self.problem.slots, lambda slot: slot.day if across else slot.session)
        ]
        used, cost = self._used(), []
        for person in {person for person, _ in used}:
            for span in spans:
                row = [used.get((person, slot), 0) for slot in span]
                anything = self.model.new_bool_var("")
                self.model.add(cp_model.LinearExpr.sum(row) >= anything)
                cost.append(-1 * anything)
                for before, now in zip([0, *row], row, strict=False):
                    start = self.model.new_bool_var("")
                    self.model.add(start >= now - before)
                    cost.append(start)
        return cp_model.LinearExpr.sum(cost)

    def _table_moves(self) -> Expression:
        """A person's last table is carried through idle slots; sitting elsewhere next is a move."""
        cost: list[cp_model.IntVar] = []
        for person in self.problem.participants:
            for _, group in groupby(self.problem.slots, lambda slot: slot.session):
                self._moves(person.id, [slot.id for slot in group], cost)
        return cp_model.LinearExpr.sum(cost)

    def _moves(self, person: Id, span: list[Id], cost: list[cp_model.IntVar]) -> None:
        at: dict[tuple[Id, Id], list[cp_model.IntVar]] = defaultdict(list)
        for one in self.these.of_person(person):
            if one.slot in span:
                at[one.slot, one.place.sample.id].append(one.variable)
        tables = sorted({table for _, table in at})
        last: dict[Id, Expression] = dict.fromkeys(tables, 0)
        for slot in span:
            here = {table: cp_model.LinearExpr.sum(at[slot, table]) for table in tables}
            used = cp_model.LinearExpr.sum(list(here.values()))
            move = self.model.new_bool_var("")
            cost.append(move)
            now: dict[Id, Expression] = {}
            for table in tables:
                elsewhere = cp_model.LinearExpr.sum([one for key, one in last.items() if key != table])
                self.model.add(move >= here[table] + elsewhere - 1)
                seat = self.model.new_bool_var("")
                self.model.add(seat >= here[table])
                self.model.add(seat >= last[table] - used)
                now[table] = seat
            last = now
