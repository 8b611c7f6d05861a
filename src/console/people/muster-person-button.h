/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Who is at this console, and a popover in which somebody else takes over by PIN or badge. */
#define MUSTER_TYPE_PERSON_BUTTON (muster_person_button_get_type ())
G_DECLARE_FINAL_TYPE (MusterPersonButton, muster_person_button, MUSTER, PERSON_BUTTON, AdwBin)

void muster_person_button_set_session (MusterPersonButton *self, MusterSession *session);
/* A code was scanned: whether the popover is open and takes it for a badge. */
gboolean muster_person_button_take_badge (MusterPersonButton *self, const char *code);

G_END_DECLS
