/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-person.h"

G_BEGIN_DECLS

/* What ROLE means for a person who is to choose one, in a sentence. */
const char *muster_roles_describe (int role);
/* ROW, an AdwComboRow of muster_person_role_enum, says what the chosen role means. */
void muster_roles_explain_row (GtkWidget *row);

G_END_DECLS
