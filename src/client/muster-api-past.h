/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What becomes of requests while a client looks at the past. */
typedef enum
{
  MUSTER_API_PAST_ASKS,    /* of records: asks for them as they were */
  MUSTER_API_PAST_PRESENT, /* of what has no past, or changes nothing: goes as it is */
  MUSTER_API_PAST_CHANGES, /* would change something: is refused */
} MusterApiPast;

/* METHOD at PATH, escaped, without the query. */
MusterApiPast muster_api_past_judge (const char *method, const char *path);
/* Whether events of the live stream's TOPIC are of the present alone, and so are not told. */
gboolean muster_api_past_is_live (const char *topic);

G_END_DECLS
