# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The screen of whoever has a terminal at a machine's serial port: what was written over is gone, as it is for him.

    text = shown(data, rows=31, columns=100)        after these bytes, which are serial.log's; OVMF's screen is that large

Only what firmware and Rill write: lines that wrap and scroll, the cursor set and moved up, all cleared.
"""
import re

TOKEN = re.compile(r"\x1b\[([0-9;?=]*)([A-Za-z])|\x1b.|([\r\n])|([^\x1b\r\n])", re.S)


class Terminal:
    def __init__(self, rows, columns):
        self.rows, self.columns = rows, columns
        self.clear()

    def clear(self):
        self.lines = [[" "] * self.columns for _ in range(self.rows)]
        self.row = self.column = 0

    def down(self):
        self.row += 1
        if self.row == self.rows:
            self.lines = self.lines[1:] + [[" "] * self.columns]
            self.row -= 1

    def put(self, letter):
        if self.column == self.columns:
            self.column = 0
            self.down()
        self.lines[self.row][self.column] = letter
        self.column += 1

    def sequence(self, numbers, final):
        if final == "J":
            self.clear()
        elif final == "A":
            self.row = max(self.row - int(numbers or 1), 0)
        elif final == "H":
            row, column = (int(n) for n in (numbers or "1;1").split(";"))
            self.row, self.column = min(row, self.rows) - 1, min(column, self.columns) - 1

    def text(self):
        return "\n".join("".join(line).rstrip() for line in self.lines)


def shown(data, rows=25, columns=80):
    terminal = Terminal(rows, columns)
    for numbers, final, control, letter in TOKEN.findall(data.decode("utf-8", "replace")):
        if final:
            terminal.sequence(numbers, final)
        elif control == "\r":
            terminal.column = 0
        elif control:
            terminal.down()
        elif letter and letter not in "\0\a":
            terminal.put(letter)
    return terminal.text()
