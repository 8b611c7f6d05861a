/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_LABEL_H
#define MF_LABEL_H

#include "mf_port.h"

#define MF_SECRET_SIZE 16u
#define MF_LABEL_SIZE 35u /* seven groups of four and their hyphens, and NUL */

/* Writes the secret as the label shows it: PAIRING.md, "The secret as text". */
void mf_label_format (const struct mf_port *port,
                      const uint8_t         secret[MF_SECRET_SIZE],
                      char                  label[MF_LABEL_SIZE]);

/* Reads what a person typed. False: wrong length, a character that cannot be, or wrong check
 * characters. */
bool mf_label_parse (const struct mf_port *port, const char *label, uint8_t secret[MF_SECRET_SIZE]);

#endif
