/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-person.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* Makes an API key for a program of a person, and shows it this once. */
#define MUSTER_TYPE_KEY_DIALOG (muster_key_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterKeyDialog, muster_key_dialog, MUSTER, KEY_DIALOG, AdwDialog)

AdwDialog *muster_key_dialog_new (MusterSession *session, MusterPerson *person);

G_END_DECLS
