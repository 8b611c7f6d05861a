/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* A batch of boards that are given firmware over cables: each with how far it is and what the tool
 * says. */
#define MUSTER_TYPE_FLASH_PAGE (muster_flash_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterFlashPage, muster_flash_page, MUSTER, FLASH_PAGE, MusterPage)

MusterPage *muster_flash_page_new (MusterSession *session, const char *batch_id);

G_END_DECLS
