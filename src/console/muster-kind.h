/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-entity.h"

G_BEGIN_DECLS

/* A kind of record as a person meets it. */
typedef struct
{
  const MusterEntityInfo *info;
  const char             *title;  /* N_() marked, in the singular: "Device" */
  const char             *plural; /* "Devices"; NULL: not told apart from its owner */
  const char             *icon_name;
} MusterKind;

/* NAME: of the entity, "device". (nullable) */
const MusterKind *muster_kind_find (const char *name);
/* "12 devices": (transfer full). */
char *muster_kind_dup_count (const MusterKind *self, unsigned count);
/* All of them, those met with most often first: (array length=n_kinds). */
const MusterKind *muster_kinds_list (unsigned *n_kinds);
/* What the field NAME of KIND (both nullable) is called; its own name where it has no other. */
const char *muster_kind_get_field_label (const MusterKind *kind, const char *name);

G_END_DECLS
