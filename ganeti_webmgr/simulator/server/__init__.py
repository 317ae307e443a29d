"""The remote API's side of the wire: TLS, HTTP as Ganeti speaks it, authentication."""
