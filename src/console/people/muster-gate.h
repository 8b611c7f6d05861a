/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterGate:
 *
 * What stands in the place of a window's content until somebody says who they are: nobody has
 * signed in yet, or the window was locked. Signals `passed ()`; `left ()`: back, without signing
 * in.
 */
#define MUSTER_TYPE_GATE (muster_gate_get_type ())
G_DECLARE_FINAL_TYPE (MusterGate, muster_gate, MUSTER, GATE, AdwBin)

GtkWidget *muster_gate_new (MusterSession *session);
/* Shows it for PERSON who locked the window, or (NULL) for anybody to sign in. MAY_LEAVE: it can be
 * left without that. */
void muster_gate_open (MusterGate *self, MusterPerson *person, gboolean may_leave);
/* A badge was scanned. */
void muster_gate_take_badge (MusterGate *self, const char *code);

G_END_DECLS
