/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "core/muster-csv-reader.h"
#include "muster-record-kinds.h"

G_BEGIN_DECLS

/* Copies the text open as FD, from its beginning, to PATH (0600) as UTF-8 without a byte order
 * mark. ENCODING: what it was taken for: "UTF-8", "UTF-16LE", "UTF-16BE" or "WINDOWS-1252". Blocks.
 */
gboolean muster_import_file_take (int fd, const char *path, const char **encoding, GError **error);

/* Looks through the file at PATH and makes the object of the import that holds it, with a mapping
 * guessed for KIND: (transfer full). Blocks. */
JsonObject *muster_import_file_describe (const char             *path,
                                         const MusterRecordKind *kind,
                                         GError                **error);

/* Calls FUNC for each row of the file at PATH behind the headings; its number counts from 2.
 * Blocks.
 */
gboolean muster_import_file_each (const char      *path,
                                  char             delimiter,
                                  MusterCsvRowFunc func,
                                  gpointer         data,
                                  GError         **error);

G_END_DECLS
