/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_HOST_KEYBOARD_H
#define FIRMWARE_HOST_KEYBOARD_H
/*
 * Keys from standard input: a terminal, whose line editing is off until the process ends, a pipe, or a file.
 *
 *     keyboard_open()
 *     keyboard_key(now)       a key of loader/port.h, or KEY_NONE at once
 */
#include "loader/port.h"

void keyboard_open(void);
int  keyboard_key(usec now);
#endif
