/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Rows that are not there yet, in the shape of those to come. */
#define MUSTER_TYPE_SKELETON (muster_skeleton_get_type ())
G_DECLARE_FINAL_TYPE (MusterSkeleton, muster_skeleton, MUSTER, SKELETON, GtkWidget)

G_END_DECLS
