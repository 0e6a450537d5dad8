/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/drivers/drivers.h"
#include "undi/drivers/intel.h"
#include "undi/drivers/virtio_net.h"

static const struct card_driver *const all[] = { &virtio_net, &intel_82540em, &intel_82574l };

const struct card_driver *driver_for(uint16_t vendor, uint16_t device, const char **name)
{
	for (size_t i = 0; i < COUNT_OF(all); i++)
		for (const struct card_id *id = all[i]->ids; id->vendor; id++)
			if (id->vendor == vendor && id->device == device) {
				*name = id->name;
				return all[i];
			}
	return NULL;
}
