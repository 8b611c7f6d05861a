/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Go to anything: rooms by their title, records by whatever stands in them, and what one went to
 * lately. */
#define MUSTER_TYPE_FINDER (muster_finder_get_type ())
G_DECLARE_FINAL_TYPE (MusterFinder, muster_finder, MUSTER, FINDER, AdwDialog)

/* TEXT: what is searched for at first. */
AdwDialog *muster_finder_new (MusterSession *session, const char *text);

G_END_DECLS
