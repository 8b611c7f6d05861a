/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ota/muster-firmware-facts.h"
#include "ota/muster-update-description.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Firmware that somebody brings, whatever it is; and the same as a description. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofd int     fd = memfd_create ("firmware", MFD_CLOEXEC);
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_auto (MusterUpdateDescription) description = { 0 };
  g_auto (MusterFirmwareFacts) facts = { 0 };
  g_autoptr (GArray) keys = muster_firmware_keys_new ();

  muster_update_description_read (&description, text);
  if (fd < 0 || pwrite (fd, data, size, 0) != (ssize_t)size)
    g_error ("the file cannot be written");
  muster_firmware_facts_read (&facts, fd, keys, NULL);
  return 0;
}
