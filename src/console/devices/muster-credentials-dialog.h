/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-device.h"
#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterCredentialsKind:
 * @MUSTER_CREDENTIALS_TOKEN: a token for sending samples by HTTP
 * @MUSTER_CREDENTIALS_ACCOUNT: an account at the site's broker, for a Sparkplug device of another
 * make
 * @MUSTER_CREDENTIALS_TARGET: a token for asking for updates, of an update target
 */
typedef enum
{
  MUSTER_CREDENTIALS_TOKEN,
  MUSTER_CREDENTIALS_ACCOUNT,
  MUSTER_CREDENTIALS_TARGET,
} MusterCredentialsKind;

/* Makes a device's way in anew, once the person says so, and shows it this one time to be copied.
 */
#define MUSTER_TYPE_CREDENTIALS_DIALOG (muster_credentials_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterCredentialsDialog,
                      muster_credentials_dialog,
                      MUSTER,
                      CREDENTIALS_DIALOG,
                      AdwDialog)

/* ID: of the device, or the update target. */
AdwDialog *muster_credentials_dialog_new (MusterSession        *session,
                                          const char           *id,
                                          MusterCredentialsKind kind);

G_END_DECLS
