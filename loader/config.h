/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_CONFIG_H
#define LOADER_CONFIG_H
/*
 * The configuration block that is patched into an image (docs/configuration.md).
 *
 *     block = magic[8] version[2] bytes[2] tlv[bytes]
 *
 * Unpatched images carry it with bytes 0: everything has its default. Nonsense
 * in it is told, with the place and the cure, and then the whole block is
 * ignored: a machine that boots by its defaults can be repaired over the network.
 */
#include "lib/bytes.h"

enum { CONFIG_HEAD_BYTES = 12, CONFIG_BYTES_MAX = 512, CONFIG_VERSION = 1, CONFIG_URI_MAX = 255 };

/* Where our own programs carry a mark, so that nobody chains himself: this many bytes from the file's first. */
enum { SELF_MARK_AT = 8, SELF_MARK_BYTES = 8 };
#define CONFIG_MAGIC "RILLCONF"
#define SELF_MARK    "RILLSELF"

/* What drives the card where a firmware offers more than one; a BIOS has but one. */
enum config_driver { CONFIG_DRIVER_ANY, CONFIG_DRIVER_SNP, CONFIG_DRIVER_UNDI };

enum config_verdict { CONFIG_OK, CONFIG_NONE, CONFIG_BAD };

struct config {
	char     uri[CONFIG_URI_MAX + 1];       /* "": not given */
	bool     has_verbosity, has_serial;
	uint8_t  verbosity;                     /* enum log_level */
	uint8_t  driver;                        /* enum config_driver */
	uint16_t serial_port;                   /* 0: none */
	uint32_t serial_baud;
};

/* What is wrong, where in the block, and the cure; for log_line. */
struct config_complaint { size_t at; const char *what; };

/* CONFIG_BAD: config is all defaults and *c is filled in. */
enum config_verdict config_read(struct rd block, struct config *config, struct config_complaint *c);
#endif
