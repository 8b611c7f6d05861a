/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Adds a device that does not announce itself, by host and port. */
#define MUSTER_TYPE_ADDRESS_DIALOG (muster_address_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterAddressDialog, muster_address_dialog, MUSTER, ADDRESS_DIALOG, AdwDialog)

AdwDialog *muster_address_dialog_new (MusterSession *session);

G_END_DECLS
