/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_BOOT_FAKE_H
#define LOADER_BOOT_FAKE_H
/*
 * A whole boot on loader/lan_fake.h's network, with a screen and a keyboard for those who want them. Host only; for
 * *_test.c.
 *
 *     lan_init();  run(true)           one try and no other, as with "policy once"
 *     screen_on();                     after it: the boot menus have loader/screen_fake.h's screen
 *     key_of('D')                      what a test's string of keys stands for
 *     done                             a test's teardown
 */
#include "loader/lan_fake.h"
#include "loader/screen_fake.h"

static struct attachment attachment;
static struct boot boot;

static inline enum boot_end run(bool once)
{
	boot.once = once;
	boot_init(&boot, &lan.platform, &attachment);
	return boot_run(&boot);
}

static inline int done(void **state)
{
	(void)state;
	free(lan.lent);
	lan.lent = NULL;
	return 0;
}

/* The log is what the test reads, and a screen sees it as well. */
static inline void put_on_both(struct log *log, char c)
{
	lan_put(log, c);
	screen_put(log, c);
}

static inline void screen_on(void)
{
	screen_init();
	lan.port.log.put_char  = put_on_both;
	lan.port.log.verbosity = LOG_STEP;
	lan.port.cursor_up     = screen_cursor_up;
}

static inline int key_of(char c)
{
	switch (c) {
	case ' ':  return KEY_NONE;
	case 'D':  return KEY_DOWN;
	case '8':  return KEY_F8;
	case 'F':  return KEY_F2;
	case '\n': return KEY_ENTER;
	case 'E':  return KEY_ESC;
	case 'C':  return KEY_CTRL_C;
	default:   return c;
	}
}
#endif
