"""Sites, parts and bills of materials, lanes, routes and crossings: CSV in, a checked Network out."""

from sim.network.load import check_network, list_networks, load_journeys, load_network, network_folder
from sim.network.model import Network

__all__ = ["Network", "check_network", "list_networks", "load_journeys", "load_network", "network_folder"]
