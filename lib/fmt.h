/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LIB_FMT_H
#define LIB_FMT_H
/*
 * Text from values, without an allocation or a libc.
 *
 * fmt_text() is snprintf for the conversions listed in lib/log.h; it always
 * ends the text with NUL if there is room for one byte and returns the length
 * the whole text would have had. The small *_text() functions return the text
 * by value, so that they can stand in an argument list:
 *
 *     log_line(log, LOG_INFO, "from %s", mac_text(mac).s);
 */
#include <stdarg.h>
#include "lib/types.h"

size_t fmt_text(char *room, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
size_t fmt_text_v(char *room, size_t size, const char *format, va_list args) __attribute__((format(printf, 3, 0)));

/* Every formatted byte goes to put(); what log.c uses. */
void fmt_each_v(void (*put)(void *to, char c), void *to, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

struct ip_text   { char s[16]; };       /* 255.255.255.255 */
struct mac_text  { char s[18]; };       /* ff:ff:ff:ff:ff:ff */
struct uuid_text { char s[37]; };
struct ip_text   ip_text(uint32_t ip);  /* host order */
struct mac_text  mac_text(const uint8_t mac[6]);
struct uuid_text uuid_text(const uint8_t uuid[16]);
#endif
