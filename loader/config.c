/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/config.h"
#include "lib/log.h"
#include "netstack/wire/tlv.h"

/* NULL, or what is wrong with it. */
static const char *read_uri(struct rd value, struct config *c)
{
	size_t len = rd_left(&value);

	if (len > CONFIG_URI_MAX)
		return "the URI is longer than 255 bytes; shorten it";
	for (size_t i = 0; i < len; i++) {
		uint8_t ch = rd_u8(&value);

		if (ch <= ' ' || ch > '~')
			return "the URI has a blank or a byte that is no text; write rill://server/disk";
		c->uri[i] = (char)ch;
	}
	c->uri[len] = 0;
	return NULL;
}

static const char *read_one(const struct tlv *t, struct config *c)
{
	struct rd value = t->value;

	switch (t->type) {
	case TLV_CONFIG_URI:
		return read_uri(value, c);
	case TLV_CONFIG_VERBOSITY:
		c->has_verbosity = true;
		c->verbosity = rd_u8(&value);
		if (!rd_done(&value) || c->verbosity > LOG_DEBUG)
			return "the verbosity is not one byte from 0 to 3";
		return NULL;
	case TLV_CONFIG_SERIAL:
		c->has_serial  = true;
		c->serial_port = rd_be16(&value);
		c->serial_baud = rd_be32(&value);
		if (!rd_done(&value))
			return "the serial port is not 6 bytes: I/O port and speed";
		if (c->serial_port && (c->serial_baud < 50 || c->serial_baud > 115200 || 115200 % c->serial_baud))
			return "the serial speed is none a PC has; 115200 or a whole fraction of it";
		return NULL;
	case TLV_CONFIG_DRIVER:
		c->driver = rd_u8(&value);
		if (!rd_done(&value) || c->driver > CONFIG_DRIVER_UNDI)
			return "the driver is not one byte from 0 to 2";
		return NULL;
	default:
		return t->must ? "it demands something this firmware does not know; use a newer firmware" : NULL;
	}
}

/* How many TLVs of a type there are. */
static unsigned times(struct rd tlvs, uint16_t type)
{
	unsigned n = 0;
	struct tlv t;

	while (rd_tlv(&tlvs, &t))
		n += t.type == type;
	return n;
}

static const char *read_all(struct rd tlvs, struct config *c, size_t *left)
{
	struct rd all = tlvs;
	const char *wrong = NULL;
	struct tlv t;

	for (*left = rd_left(&tlvs); rd_tlv(&tlvs, &t); *left = rd_left(&tlvs)) {
		wrong = read_one(&t, c);
		if (!wrong && t.type >= TLV_CONFIG_URI && t.type <= TLV_CONFIG_DRIVER && times(all, t.type) > 1)
			wrong = "an entry is there twice; keep one of them";
		if (wrong)
			return wrong;
	}
	return rd_done(&tlvs) ? NULL : "an entry is longer than the block; write the block anew";
}

enum config_verdict config_read(struct rd block, struct config *config, struct config_complaint *c)
{
	struct rd magic = rd_sub(&block, 8), tlvs;
	uint16_t version = rd_be16(&block), bytes = rd_be16(&block);
	size_t left = 0;

	*config = (struct config){ 0 };
	*c = (struct config_complaint){ .at = 0 };
	tlvs = rd_sub(&block, bytes);
	if (!rd_is(&magic, CONFIG_MAGIC, 8))
		c->what = "it does not begin with " CONFIG_MAGIC "; this image was damaged, take a fresh one";
	else if (version != CONFIG_VERSION)
		*c = (struct config_complaint){ 8, "its version is not 1; use the tool of its release" };
	else if (!rd_ok(&block) || bytes > CONFIG_BYTES_MAX)
		*c = (struct config_complaint){ 10, "it says it is longer than its room; write the block anew" };
	else {
		c->what = read_all(tlvs, config, &left);
		c->at   = CONFIG_HEAD_BYTES + bytes - left;
	}
	if (!c->what)
		return bytes ? CONFIG_OK : CONFIG_NONE;
	*config = (struct config){ 0 };
	return CONFIG_BAD;
}
