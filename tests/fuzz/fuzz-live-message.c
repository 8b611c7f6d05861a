/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "core/http/muster-live-message.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A text frame of a client of the live stream; also every JSON body, which the same parser reads.
 */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) frame = g_bytes_new (data, size);
  g_autofree char *id = NULL;
  g_autoptr (MusterLiveMessage) message = muster_live_message_parse (frame, &id, NULL);

  return 0;
}
