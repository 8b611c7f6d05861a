/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-person.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* Adds a person, or changes one. */
#define MUSTER_TYPE_PERSON_DIALOG (muster_person_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterPersonDialog, muster_person_dialog, MUSTER, PERSON_DIALOG, AdwDialog)

/* PERSON (nullable): a new one. FIRST: it is the first of the site. */
AdwDialog *muster_person_dialog_new (MusterSession *session, MusterPerson *person, gboolean first);

G_END_DECLS
