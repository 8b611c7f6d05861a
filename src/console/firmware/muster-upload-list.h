/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterUploadList:
 *
 * Files of firmware on their way in, each with how far it is, and with what is wrong with it and a
 * way to try again where it was not taken. Not there without any.
 *
 * Signal `made (MusterEntity *)`: firmware was made of one.
 */
#define MUSTER_TYPE_UPLOAD_LIST (muster_upload_list_get_type ())
G_DECLARE_FINAL_TYPE (MusterUploadList, muster_upload_list, MUSTER, UPLOAD_LIST, AdwBin)

GtkWidget *muster_upload_list_new (MusterSession *session);
/* Begins to bring FILE. What says nothing of itself is asked for its name and version first. */
void muster_upload_list_add (MusterUploadList *self, GFile *file);

G_END_DECLS
