/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mf_port.h"

/* Fills in the cryptography of a port, by libsodium, which must have been initialised. */
void muster_node_crypto_fill (struct mf_port_ops *ops);
