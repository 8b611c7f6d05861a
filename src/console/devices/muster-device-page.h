/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* One device: whether it lives and how that is known, what it measures, what it can be told, what
 * happened to it. */
#define MUSTER_TYPE_DEVICE_PAGE (muster_device_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterDevicePage, muster_device_page, MUSTER, DEVICE_PAGE, MusterPage)

MusterPage *muster_device_page_new (MusterSession *session, const char *device_id);

G_END_DECLS
