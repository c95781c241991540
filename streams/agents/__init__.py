"""The hands: Faust agents. Each only puts a batch into its partition's lane; none ever yields."""
