/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"

G_BEGIN_DECLS

/* What is no longer of use goes after a time: the delivery log, alerts that ended long ago. */

typedef struct
{
  const MusterEntityInfo *info;
  const char             *time;      /* the field that says how old one is; with an index */
  const char             *status;    /* only those of these states: "sent,failed" */
  const char             *operation; /* for the journal */
  const char             *final;     /* why it cannot be undone */
} MusterForget;

/* Deletes what is older than DAYS, in slices between which others write, until IS_STOPPING says
 * otherwise; KEEPER holds that. Resolves to TRUE, whatever happened: what fails is logged, and left
 * for the next time. WHAT stays. */
DexFuture *muster_forget_old (MusterRepository   *repository,
                              const MusterForget *what,
                              gint64              days,
                              const gboolean     *is_stopping,
                              GObject            *keeper);

G_END_DECLS
