/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-session.h"

G_BEGIN_DECLS

/* The field NAME of RECORD as a person reads it: words of enumerations, names of what it points at,
 * times in the site's zone, amounts with their currency, numbers with their unit. (transfer full);
 * NULL where there is no value, "…" where a name is not known yet (`changed` of
 * [class@Muster.References] tells). */
char *muster_record_format (MusterSession *session, MusterEntity *record, const char *name);
/* The same of the field at INDEX of the table. */
char *muster_record_format_index (MusterSession *session, MusterEntity *record, unsigned index);
/* Values of FIELDS (names up to NULL) that are there, joined by " · ": (transfer full). */
char *muster_record_format_line (MusterSession     *session,
                                 MusterEntity      *record,
                                 const char *const *fields);
/* What numbers of FIELD are counted in, as people write it ("kB/s"), for beside an entry: (transfer
 * none); NULL where it has no unit, or the words around it say it. */
const char *muster_record_format_unit (const MusterField *field);
/* AMOUNT in ten-thousandths: "12.50 €": (transfer full). CURRENCY (ISO 4217) may be NULL. */
char *muster_format_money (gint64 amount, const char *currency);
/* The day alone, in ZONE: (transfer full). */
char *muster_format_date (gint64 time, GTimeZone *zone);

G_END_DECLS
