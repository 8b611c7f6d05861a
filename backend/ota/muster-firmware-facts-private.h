/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-firmware-facts.h"

G_BEGIN_DECLS

/* The file that is looked at. */
typedef struct
{
  int    fd;
  gint64 size;
} MusterFirmwareSource;

/* Reads exactly LENGTH bytes at OFFSET; FALSE where there are fewer, or they cannot be read. */
gboolean muster_firmware_source_read (const MusterFirmwareSource *self,
                                      gint64                      offset,
                                      void                       *buffer,
                                      gsize                       length);
/* MUSTER_ERROR_INVALID at `/file`; returns FALSE. */
gboolean muster_firmware_refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Each reads a file of its format, which its beginning was that of. */
gboolean muster_firmware_facts_read_image (MusterFirmwareFacts        *self,
                                           const MusterFirmwareSource *source,
                                           GArray                     *keys,
                                           GError                    **error);
gboolean muster_firmware_facts_read_swu (MusterFirmwareFacts        *self,
                                         const MusterFirmwareSource *source,
                                         GArray                     *keys,
                                         GError                    **error);
gboolean muster_firmware_facts_read_raucb (MusterFirmwareFacts        *self,
                                           const MusterFirmwareSource *source,
                                           GArray                     *keys,
                                           GError                    **error);
gboolean muster_firmware_facts_read_uf2 (MusterFirmwareFacts        *self,
                                         const MusterFirmwareSource *source,
                                         GError                    **error);
gboolean muster_firmware_facts_read_hex (MusterFirmwareFacts        *self,
                                         const MusterFirmwareSource *source,
                                         GError                    **error);

G_END_DECLS
