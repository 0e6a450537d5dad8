/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_CONFIG_H
#define LOADER_CONFIG_H
/*
 * The configuration block that is patched into an image, or stands in a UEFI variable (docs/configuration.md).
 *
 *     block = magic[8] version[2] bytes[2] tlv[bytes]
 *
 *     config_read(image_block, &config, &complaint);
 *     config_add(variable, &config, &complaint);       what it says wins, what it does not say stays
 *
 * Unpatched images carry it with bytes 0: everything has its default. Nonsense
 * in it is told, with the place and the cure, and then the whole block is
 * ignored: a machine that boots by its defaults can be repaired over the network.
 */
#include "lib/bytes.h"

enum {
	CONFIG_HEAD_BYTES = 12, CONFIG_BYTES_MAX = 512, CONFIG_VERSION = 1, CONFIG_URI_MAX = 255, CONFIG_DNS_MAX = 4,
};

/* Where our own programs carry a mark, so that nobody chains himself: this many bytes from the file's first. */
enum { SELF_MARK_AT = 8, SELF_MARK_BYTES = 8 };
#define CONFIG_MAGIC "RILLCONF"
#define SELF_MARK    "RILLSELF"

/* What drives the card where a firmware offers more than one; a BIOS has but one. */
enum config_driver { CONFIG_DRIVER_ANY, CONFIG_DRIVER_SNP, CONFIG_DRIVER_UNDI, CONFIG_DRIVER_OWN };

/* What the machine calls itself to DHCP (option 61). */
enum config_client_id { CONFIG_ID_MAC, CONFIG_ID_UUID };

/* What follows a failed boot: loader/policy.h. */
enum config_policy { CONFIG_RETRY, CONFIG_REBOOT, CONFIG_NEXT_DEVICE };

enum config_verdict { CONFIG_OK, CONFIG_NONE, CONFIG_BAD };

/* Instead of DHCP's, in host order; ip 0: DHCP is asked. router 0: there is none. */
struct config_address { uint32_t ip, mask, router; };

/* What is 0 was not given, and has its default. */
struct config {
	char     uri[CONFIG_URI_MAX + 1];       /* "": not given; up to 8 servers stand in it */
	bool     has_verbosity, has_serial, has_vlan;
	uint8_t  verbosity;                     /* enum log_level */
	uint8_t  driver;                        /* enum config_driver */
	uint16_t serial_port;                   /* 0: none */
	uint32_t serial_baud;

	uint16_t vlan;                          /* 802.1Q id; 0 with has_vlan: none, whatever the firmware is set to */
	struct config_address address;
	uint32_t dns[CONFIG_DNS_MAX];           /* with the static address; 0 ends them */
	uint8_t  client_id;                     /* enum config_client_id */
	uint32_t log_server;                    /* wins over option 7 */
	uint16_t link_wait_s, proxy_wait_ms, login_wait_s;
	uint16_t start_delay_s;                 /* at most, at random, before the first DISCOVER */
	uint8_t  policy;                        /* enum config_policy */
	uint8_t  tries;                         /* failures before it acts */
	uint8_t  multicast;                     /* 1: RFC 2090's option is asked for */
};

/* What is wrong, where in the block, and the cure; for log_line. */
struct config_complaint { size_t at; const char *what; };

/* CONFIG_BAD: config is all defaults and *c is filled in. */
enum config_verdict config_read(struct rd block, struct config *config, struct config_complaint *c);
/* The same over values that are there already. CONFIG_BAD: none has changed. */
enum config_verdict config_add(struct rd block, struct config *config, struct config_complaint *c);
#endif
