/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_link_private.h"
#include "mf_octets.h"

/* PROVISION: kind, serial with its length, key; and room for the CRC. */
#define HEAD 2u
#define CRC 4u

bool
mf_link_provision (struct mf_link *self,
                   uint32_t        now_ms,
                   struct mf_bytes serial,
                   const uint8_t   key[MF_LINK_KEY])
{
  uint8_t frame[HEAD + MF_LINK_SERIAL_MAX + MF_LINK_KEY + CRC];

  if (self->role != MF_LINK_GATEWAY || serial.size == 0 || serial.size > MF_LINK_SERIAL_MAX)
    return false;
  frame[0] = MF_LINK_PROVISION;
  frame[1] = (uint8_t)serial.size;
  memcpy (frame + HEAD, serial.data, serial.size);
  memcpy (frame + HEAD + serial.size, key, MF_LINK_KEY);
  mf_link_put (self, now_ms, frame, HEAD + serial.size + MF_LINK_KEY);
  mf_forget (frame, sizeof frame);
  return true;
}
