/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-person.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* What one signs in with. */
typedef enum
{
  MUSTER_SECRET_PASSWORD,
  MUSTER_SECRET_PIN,
  MUSTER_SECRET_BADGE,
} MusterSecretKind;

/* Gives a person another password, PIN or badge; a badge by scanning it. */
#define MUSTER_TYPE_SECRET_DIALOG (muster_secret_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterSecretDialog, muster_secret_dialog, MUSTER, SECRET_DIALOG, AdwDialog)

AdwDialog *muster_secret_dialog_new (MusterSession   *session,
                                     MusterPerson    *person,
                                     MusterSecretKind kind);

/* Stores TEXT, or takes the secret away (NULL). OLD (nullable): the password until now, needed of
 * those who change their own. Resolves to the MusterPerson. */
DexFuture *muster_secret_store (MusterSession   *session,
                                const char      *person_id,
                                MusterSecretKind kind,
                                const char      *text,
                                const char      *old);

G_END_DECLS
