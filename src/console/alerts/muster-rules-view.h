/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The rules that say what is an alert, each with a switch. */
#define MUSTER_TYPE_RULES_VIEW (muster_rules_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterRulesView, muster_rules_view, MUSTER, RULES_VIEW, AdwBin)

GtkWidget *muster_rules_view_new (MusterSession *session);

G_END_DECLS
